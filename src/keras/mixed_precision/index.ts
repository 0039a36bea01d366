/** `keras.mixedPrecision`: the older names of what makes arithmetic narrower than weights. */
export {
  DTypePolicy,
  DTypePolicy as Policy,
  dtypePolicy,
  dtypePolicy as globalPolicy,
} from "../dtype_policies/dtype_policy.ts";
export { setDtypePolicy, setDtypePolicy as setGlobalPolicy } from "../dtype_policies/dtype_policy_map.ts";
export { LossScaleOptimizer } from "../optimizers/index.ts";
