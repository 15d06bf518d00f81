"""Golden numbers of proximal policy optimisation (arXiv:1707.06347, Eqs. 7 and 9; details as in CleanRL's
`ppo_continuous_action.py`). Two consecutive rollouts, minibatches in the order of the rows.

Command: python3 -B tests/golden/agents/ppo.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes ppo.json.
"""

import torch
from common import write
from on_policy import LEARNING_RATE, ActorCritic, minibatches, standardised, value_loss

PPO = {
    "learningRate": LEARNING_RATE,
    "epochs": 3,
    "minibatches": 1,
    "clipRange": 0.05,
    "annealLearningRate": True,
    "clipValues": True,
    "normalizeAdvantages": True,
    "valueWeight": 0.5,
    "entropyWeight": 0,
    "maxGradientNorm": 0.5,
}


def case(name, normalize=True, **settings):
    s = {**PPO, **settings}
    agent = ActorCritic("ppo", name, s, normalize)
    for progress in (0.25, 0.5):
        columns = agent.rollout(progress)
        rate = LEARNING_RATE * (1 - progress) if s["annealLearningRate"] else LEARNING_RATE
        for _ in range(s["epochs"]):
            for batch in minibatches(columns, s["minibatches"]):
                advantage = standardised(batch["advantage"]) if s["normalizeAdvantages"] else batch["advantage"]
                policy, *_ = agent.distribution(batch["obs"])
                log_ratio = policy.log_prob(batch["sample"]) - batch["oldLogProb"]
                ratio, limit = log_ratio.exp(), s["clipRange"]
                gains = [ratio * advantage, ratio.clamp(1 - limit, 1 + limit) * advantage]
                surrogate = -torch.min(*gains).mean()
                entropy = policy.entropy().mean()
                error = value_loss(
                    agent.value(batch["obs"]), batch["value"], batch["return"], limit if s["clipValues"] else None
                )
                agent.run.report(policy_gradient_loss=surrogate, value_loss=error, entropy=entropy)
                agent.run.report(approx_kl=((ratio - 1) - log_ratio).mean(), learning_rate=torch.tensor(rate))
                agent.run.report(clip_fraction=((ratio - 1).abs() > limit).double().mean())
                losses = {"actor": surrogate - s["entropyWeight"] * entropy, "critic": s["valueWeight"] * error}
                agent.descend(losses, s["maxGradientNorm"], rate)
        agent.seen.observe(columns["obs"])
    return agent.run.done()


write(__file__, [
    case("with clipped values"),
    case("without clipped values", clipValues=False, entropyWeight=0.01, annealLearningRate=False),
    case("in two minibatches", minibatches=2, epochs=2, maxGradientNorm=100),
    case("without normalisation", normalize=False, normalizeAdvantages=False, valueWeight=0.25),
])
