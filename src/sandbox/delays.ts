/** How long things take, in milliseconds of the sandbox's time. */
export interface Delays {
  readonly streamCreate: number;
  /** UPDATING -> ACTIVE: splits, merges, and the other changes of a stream that take a while. */
  readonly streamUpdate: number;
  readonly streamDelete: number;
  readonly consumerRegister: number;
  readonly consumerDeregister: number;
  readonly functionCreate: number;
  /** Creating -> Enabled, and the other transitions of an event-source mapping. */
  readonly mappingTransition: number;
  /** From Enabled until polling starts; LATEST is taken at that moment (Lambda Developer Guide, "Polling and stream starting positions"). */
  readonly mappingPollStart: number;
  readonly mappingDelete: number;
  /** From the deletion of a queue until its name can be taken again. */
  readonly queueNameReuse: number;
  readonly deliveryStreamCreate: number;
  readonly deliveryStreamDelete: number;
  /** From a function's log line until CloudWatch Logs shows it. */
  readonly logDelivery: number;
  /** From the creation of a role until services can assume it (IAM User Guide, "Changes that I make are not always immediately visible"). */
  readonly rolePropagation: number;
  /** From putting or attaching a policy until it grants something. */
  readonly policyPropagation: number;
}

/** Long enough to be seen, short enough not to be waited for. */
export const quickDelays: Delays = {
  streamCreate: 300,
  streamUpdate: 300,
  streamDelete: 300,
  consumerRegister: 200,
  consumerDeregister: 200,
  functionCreate: 200,
  mappingTransition: 300,
  mappingPollStart: 300,
  mappingDelete: 200,
  queueNameReuse: 300,
  deliveryStreamCreate: 300,
  deliveryStreamDelete: 300,
  logDelivery: 10,
  rolePropagation: 0,
  policyPropagation: 0,
};

/** What was seen on AWS (as seen on AWS, 5, 6.1, 6.2). */
export const realisticDelays: Delays = {
  streamCreate: 5_000,
  streamUpdate: 30_000,
  streamDelete: 20_000,
  consumerRegister: 5_000,
  consumerDeregister: 5_000,
  functionCreate: 2_000,
  mappingTransition: 20_000,
  mappingPollStart: 10_000,
  mappingDelete: 15_000,
  queueNameReuse: 60_000,
  deliveryStreamCreate: 20_000,
  deliveryStreamDelete: 20_000,
  logDelivery: 4_000,
  rolePropagation: 8_000,
  policyPropagation: 8_000,
};
