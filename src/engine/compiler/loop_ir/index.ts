/** The loop IR: index arithmetic, values, statements. */
export * from "./expr.ts";
export * from "./index_expr.ts";
export * from "./stmt.ts";
export * from "./target.ts";
