/** The words in shared memory over which threads agree. */

/** More threads than this are never used. */
export const maxThreads = 64;

/**
 * Byte offsets in the block that a team of threads shares. Words that are waited for lie in cache lines of their own; the
 * last three are arrays with a word for each helper.
 */
export const control = {
  /** The number of the latest job. The words after it tell what the job is. */
  job: 0,
  program: 4,
  table: 8,
  arena: 12,
  /** The block of the first thread; those of the others follow. */
  own: 16,
  ownBytes: 20,
  /** The number of the latest job whose threads are known. */
  settled: 64,
  /** How many helpers sleep until there is a job. */
  idle: 128,
  /** How many threads have reached the barrier. */
  arrived: 192,
  /** Changes when all have reached it. */
  generation: 256,
  /** How many threads sleep until it changes. */
  sleepers: 320,
  /** Not zero once a thread has failed: all others give up at the next barrier. */
  failed: 384,
  /** How many seconds the first thread waits at a barrier before it gives up. */
  patience: 388,
  /** The latest job that a helper offers to take part in; 0 before it has started, -1 before the first offer. */
  offered: 448,
  /** A helper's number in the latest job, or 0 if it goes on without it. */
  rank: 704,
  /** The latest job that a helper has come out of. */
  left: 960,
} as const;

/** The bytes of that block. */
export const controlBytes = 1216;

/** Byte offsets in the block that each thread has for itself. Its private memory begins at `memory`. */
export const own = {
  /** The thread's number in the job: 0 is the one that called. */
  thread: 0,
  /** How many threads there are. */
  threads: 4,
  /** The address of the team's block. */
  control: 8,
  /** Whether the thread may sleep. */
  sleeps: 12,
  memory: 64,
} as const;

/** Threads write into their blocks all the time: none may share a cache line, or the next one that the host fetches. */
export const ownAlignment = 128;

/** How a barrier reports that a thread has not come in time. */
export const lost = 2;
