/** Steps of the model after which a recorded history is "unknown", unless another number is given. */
export const historySteps = 20_000_000;
