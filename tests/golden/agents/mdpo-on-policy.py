"""Golden numbers of mirror descent policy optimisation on fresh rollouts (arXiv:2005.09814, section 5.1), with the KL
divergence and with Tsallis' of index q. Two consecutive rollouts, minibatches in the order of the rows.

Command: python3 -B tests/golden/agents/mdpo-on-policy.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes mdpo-on-policy.json.
"""

from common import write
from on_policy import LEARNING_RATE, ActorCritic, minibatches, standardised, value_loss
from torch.distributions import Independent, Normal, kl_divergence

MDPO = {
    "learningRate": LEARNING_RATE,
    "policySteps": 3,
    "valueEpochs": 2,
    "valueMinibatches": 1,
    "annealLearningRate": True,
    "valueClipRange": 0.02,
    "initialStepSize": 1,
    "finalStepSize": 1e-3,
    "maxGradientNorm": 0.5,
    "divergence": "kl",
    "tsallisIndex": 1.5,
}


def log_q(log_prob, q):
    return (log_prob.exp() ** (q - 1) - 1) / (q - 1)


def case(name, normalize=True, **settings):
    s = {**MDPO, **settings}
    agent = ActorCritic("mdpo-on-policy", name, s, normalize)
    for progress in (0.25, 0.5):
        columns = agent.rollout(progress)
        rate = LEARNING_RATE * (1 - progress) if s["annealLearningRate"] else LEARNING_RATE
        step_size = (1 - progress) * s["initialStepSize"] + progress * s["finalStepSize"]
        # The policy that made the rollout.
        old = Independent(Normal(columns["oldMean"], columns["oldLogStd"].exp()), 1)
        for _ in range(s["policySteps"]):
            policy, _, log_std = agent.distribution(columns["obs"])
            log_prob = policy.log_prob(columns["sample"])
            ratio = (log_prob - columns["oldLogProb"]).exp()
            if s["divergence"] == "kl":
                divergence = kl_divergence(policy, old).mean()
            else:
                q = s["tsallisIndex"]
                divergence = (ratio * (log_q(log_prob, q) - log_q(columns["oldLogProb"], q))).mean()
            loss = -(ratio * standardised(columns["advantage"])).mean() + divergence / step_size
            agent.run.report(policy_gradient_loss=loss, approx_kl=divergence, std=log_std.exp().mean())
            agent.descend({"actor": loss}, s["maxGradientNorm"], rate)
        limit = s["valueClipRange"] * (1 - progress) if s["valueClipRange"] > 0 else None
        for _ in range(s["valueEpochs"]):
            for batch in minibatches(columns, s["valueMinibatches"]):
                loss = value_loss(agent.value(batch["obs"]), batch["value"], batch["return"], limit)
                agent.run.report(value_loss=loss)
                agent.descend({"critic": loss}, s["maxGradientNorm"], rate)
        agent.seen.observe(columns["obs"])
    return agent.run.done()


write(__file__, [
    case("with the KL divergence"),
    case("with Tsallis entropy", divergence="tsallis", annealLearningRate=False),
    case("with Tsallis entropy of index 2", divergence="tsallis", tsallisIndex=2, normalize=False),
    case("with two minibatches of unclipped values", valueMinibatches=2, valueClipRange=0, maxGradientNorm=100),
])
