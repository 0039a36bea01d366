/** Notebooks kept in this browser, by name. */

const [database, table] = ["tsuno-studio", "notebooks"];

/** A kept notebook. */
export interface Kept {
  readonly name: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

function promised<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed.")));
  });
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(database, 1);
  opening.addEventListener("upgradeneeded", () =>
    opening.result.createObjectStore(table, { keyPath: "name" }),
  );
  return (await promised(opening)).transaction(table, mode).objectStore(table);
}

/** Keeps a notebook; one of the same name is replaced. */
export async function keep(name: string, text: string): Promise<void> {
  const kept: Kept = { name, text, time: Date.now() };
  const notebooks = await store("readwrite");
  await promised(notebooks.put(kept));
}

/** The notebook of a name. */
export async function recall(name: string): Promise<Kept | undefined> {
  return promised((await store("readonly")).get(name) as IDBRequest<Kept | undefined>);
}

/** All of them, the last one changed first. */
export async function recallAll(): Promise<Kept[]> {
  const all = await promised((await store("readonly")).getAll() as IDBRequest<Kept[]>);
  return all.sort((a, b) => b.time - a.time);
}
