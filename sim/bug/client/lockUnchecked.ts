import {obtain} from "../../../core/client/recipes/session.ts";
import type {Recipe} from "../../../core/client/recipes/await.ts";
import {tryAcquire} from "../../../core/client/recipes/mutex.ts";
import type {Holding, RecipeOf, RecipeResult} from "../../../core/client/recipes/recipe.ts";
import {waitDeletes} from "../../../core/client/recipes/steps.ts";
import type {Bug} from "../../../core/server/config.ts";
import {withRules} from "../exhibit.ts";
import type {Plaque} from "../exhibit.ts";

export const lockUnchecked: Bug = {
  id: "lock-unchecked",
  apply: withRules("client", ({recipeOf}) => ({
    recipeOf: (recipe) => (recipe.kind === "lock" ? lock(recipe) : recipeOf(recipe)),
  })),
};

/** As the sound one, but for the look at the own key when those before it are gone. */
function* lock(request: RecipeOf<"lock">): Recipe<RecipeResult> {
  return yield* obtain(request, function* (session): Recipe<Holding> {
    const {owns, ...holding} = yield* tryAcquire(request.name, session);
    if (!owns) yield* waitDeletes(`${request.name}/`, holding.revision - 1);
    return holding;
  });
}

export const plaque: Plaque = {
  title: {
    en: "Who waited for a lock holds it without looking whether its own key is still there",
    zh: "等到锁的客户端不看自己的键是否还在就认为持有锁",
  },
  happened: {
    en: "Jepsen's tests of etcd 3.4.3, in January 2020: a lock was given to a client whose lease had run out while it waited, and to the next one as well. That locks under leases exclude nobody for sure was the other finding; it is no bug, and stays.",
    zh: "2020 年 1 月 Jepsen 测试 etcd 3.4.3：客户端在等待时租约已到期，却仍得到锁，下一个客户端也得到了。另一项发现是基于租约的锁不能保证互斥；那不是缺陷，至今如此。",
  },
  source: "etcd#11456, jepsen.io/analyses/etcd-3.4.3",
  condition: {
    en: "A client's lease runs out while it waits for the lock, and it does not know yet when the one before it unlocks.",
    zh: "客户端等锁时租约到期，而前一个持有者解锁时它还不知道。",
  },
  caughtBy: ["Mutual Exclusion"],
  fix: {
    en: "After waiting it reads its own key: if that is gone, so is its session.",
    zh: "等待之后先读自己的键：键已不在，则会话已失效。",
  },
  links: [
    "https://github.com/etcd-io/etcd/issues/11456",
    "https://github.com/etcd-io/etcd/issues/11457",
    "https://jepsen.io/analyses/etcd-3.4.3",
  ],
  hunt: {by: "scenario", seeds: 60},
};
