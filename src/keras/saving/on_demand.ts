/** Things by name of which the usual ones are there at once and the others are loaded when someone waits for them. */
import { find, type Names, resolve, type Table } from "./registry.ts";

/**
 * What names mean before everything that they stand for is loaded. Which names there are is known from the beginning, so that
 * a wrong one is refused at once.
 */
export class OnDemand<T extends object> {
  readonly #kind: string;
  readonly #loadAll: () => Promise<unknown>;
  #table: Table<T>;
  #isComplete = false;

  /**
   * @param kind what they are, for error messages
   * @param usual what is there at once
   * @param names all names
   * @param loadAll loads the module that calls {@link complete}
   */
  constructor(kind: string, usual: Table<T>, names: Names, loadAll: () => Promise<unknown>) {
    this.#kind = kind;
    this.#table = { ...usual, names };
    this.#loadAll = loadAll;
  }

  /** Takes all there are: the module that has them gives them when it is loaded, whoever loads it. */
  complete(table: Table<T>): void {
    this.#table = table;
    this.#isComplete = true;
  }

  /**
   * What an identifier means; undefined if it must be loaded first.
   *
   * @throws ValueError when there is no such thing
   */
  find(identifier: unknown): T | undefined {
    return find(this.#kind, identifier, this.#table);
  }

  /**
   * What an identifier means.
   *
   * @throws ValueError when there is no such thing; StateError when it must be loaded first
   */
  get(identifier: unknown): T {
    return resolve(this.#kind, identifier, this.#table);
  }

  /** Loads all that is not there. */
  async load(): Promise<void> {
    if (!this.#isComplete) await this.#loadAll();
  }
}
