/**
 * How long a test waits for what comes about by itself, and how often it looks, in milliseconds. So long takes only what will not come
 * about: a machine that has much else to do needs seconds for what an idle one has done in milliseconds.
 */
export const patience = { timeout: 15_000, interval: 20 };
