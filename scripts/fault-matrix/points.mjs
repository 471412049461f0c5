// The points of the matrix: which fault, at which call, in which step of which lab.
import { runLab } from './lab-run.mjs';

/** What passes by itself, and what the runner therefore has to cope with. */
const passing = ['throttle,times=2', 'error,times=2', 'cut-before', 'cut-after', '5s'];
/** What does not pass before the teardown begins. The run may get along without the call, or has to say what is wrong. */
const lasting = ['throttle,for=2h', 'error,for=2h', 'cut-before,for=2h', 'cut-after,for=2h'];
/** Of a write that is made several times in a step, so many are cut one by one. */
const mostWrites = 4;

/** Faults of particular calls. */
const particular = {
  'kinesis:GetRecords': { passing: ['expired-iterator', 'expired-iterator,times=2'], lasting: ['expired-iterator,for=2h'] },
  'logs:FilterLogEvents': { passing: ['empty-page', 'empty-page,times=3'], lasting: [] },
};

/** How much longer than usual things take, so that they come in time all the same, and so that they do not. */
const slow = {
  'stream-create': ['60s', '150s'],
  'stream-update': ['60s'],
  'stream-delete': ['60s'],
  'function-create': ['60s', '150s'],
  'mapping-transition': ['60s', '200s'],
  'mapping-poll-start': ['60s'],
  'mapping-delete': ['60s'],
  'delivery-stream-create': ['60s', '200s'],
  'delivery-stream-delete': ['60s'],
  'log-delivery': ['10s', '20m'],
  'role-propagation': ['10s', '2h'],
  'policy-propagation': ['10s', '2h'],
};

/** Calls that functions make, whose trouble is their SDK's to deal with, and then the mapping's, the schedule's or the learner's. */
const ofFunctions = ['kinesis:PutRecord', 'kinesis:PutRecords'];

/**
 * All points of a lab, found by running it once without faults.
 * @returns {Promise<{ clean: object, points: readonly object[] }>} with `urgent` those that say most
 */
export async function pointsOf(plan) {
  // What takes its time in the lab is found by letting it take next to none.
  const clean = await runLab(
    plan,
    Object.keys(slow).map((thing) => ({ phase: 'all', fault: `${thing}=1ms` })),
  );
  if (clean.result.outcome !== 'met' || clean.left.length > 0) throw new Error(`Lab ${plan.lab.id} is not met without faults.`);
  const points = [
    ...clean.calls.flatMap((each) => pointsOfCall(plan, each)),
    ...clean.met.flatMap(({ fault, part }) => pointsOfThing(plan, fault.split('=')[0], part === 'teardown' ? 'teardown' : 'start')),
    ...ofFunctions.flatMap((call) => passing.map((what) => point(plan, 'start', `${call}=${what}`, { passes: false, urgent: true }))),
  ];
  return { clean, points };
}

function pointsOfCall(plan, { phase, call, writes, count }) {
  const special = particular[call] ?? { passing: [], lasting: [] };
  const of = (what, more) => point(plan, phase, `${call}=${what}`, more);
  const repeated = writes ? Array.from({ length: Math.min(count, mostWrites) - 1 }, (_, index) => index + 1) : [];
  return [
    ...passing.map((what) => of(what, { passes: true, urgent: writes && what.startsWith('cut') })),
    ...repeated.map((after) => of(`cut-after,after=${after}`, { passes: true, urgent: true })),
    ...lasting.map((what) => of(what, { passes: false, urgent: false })),
    ...special.passing.map((what) => of(what, { passes: true, urgent: true })),
    ...special.lasting.map((what) => of(what, { passes: false, urgent: true })),
  ];
}

function pointsOfThing(plan, thing, phase) {
  return slow[thing].map((time, index) => point(plan, phase, `${thing}=${time}`, { passes: index === 0, urgent: true }));
}

function point(plan, phase, fault, { passes, urgent }) {
  return { name: `${plan.lab.id}/${phase}/${fault}`, lab: plan.lab.id, phase, fault, passes, urgent };
}
