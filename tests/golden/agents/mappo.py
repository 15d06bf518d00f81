"""Golden numbers of multi-agent PPO (arXiv:2103.01955; running statistics of returns and Huber's loss as in
github.com/marlbenchmark/on-policy): two agents, two consecutive rollouts, minibatches in the order of the rows.

Command: python3 -B tests/golden/agents/mappo.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes mappo.json.
"""

import torch
from common import HIDDEN, OBS, Mlp, write
from on_policy import EPSILON, LEARNING_RATE, SECOND_MOMENT, ActorCritic, minibatches, standardised
from teams import seen_by_each
from torch.nn import functional as F

AGENTS = 2
DECAY, LEAST_VARIANCE = 0.99999, 0.01
MAPPO = {
    "learningRate": LEARNING_RATE,
    "epochs": 3,
    "minibatches": 1,
    "clipRange": 0.05,
    "annealLearningRate": True,
    "clipValues": True,
    "normalizeAdvantages": True,
    "valueWeight": 0.5,
    "entropyWeight": 0.01,
    "maxGradientNorm": 0.5,
    "normalizeValues": True,
    "huberLimit": 10,
}


class Team(ActorCritic):
    """Values of the observations of all agents, in units of the statistics of returns."""

    def __init__(self, name, settings, normalize, statistics):
        super().__init__("mappo", name, settings, normalize)
        self.run.record["agents"] = AGENTS
        self.network = Mlp([AGENTS * OBS, *HIDDEN, 1], activation=torch.tanh)
        adam = {"rate": LEARNING_RATE, "epsilon": EPSILON, "second_moment": SECOND_MOMENT}
        self.critic = self.run.trained("critic", self.network.size, **adam)
        self.statistics = None
        if settings["normalizeValues"]:
            self.statistics = self.run.vector("returnStatistics", 3, {"values": statistics})

    def output(self, obs):
        return self.network(self.critic, seen_by_each(self.seen(obs), AGENTS)).squeeze(-1)

    def moments(self):
        if self.statistics is None:
            return 0.0, 1.0
        _, mean, variance = self.statistics
        return mean, variance.clamp(min=LEAST_VARIANCE).sqrt()

    def value(self, obs):
        mean, deviation = self.moments()
        return self.output(obs) * deviation + mean

    def count_in(self, returns):
        """Decaying means of returns and of their squares, both over the decaying mean of ones."""
        if self.statistics is None:
            return
        weight, mean, variance = self.statistics.clone()
        sums = torch.stack([weight, weight * mean, weight * (variance + mean**2)])
        batch = torch.stack([torch.ones(()), returns.mean(), (returns**2).mean()])
        weight, total, squares = DECAY * sums + (1 - DECAY) * batch
        self.statistics.copy_(
            torch.stack([weight, total / weight, squares / weight - (total / weight) ** 2])
        )


def case(name, normalize=True, statistics=(3e-5, 0.4, 1.7), **settings):
    s = {**MAPPO, **settings}
    agent = Team(name, s, normalize, list(statistics))

    def error_of(error):
        if s["huberLimit"] == 0:
            return 0.5 * error**2
        return F.huber_loss(error, torch.zeros_like(error), reduction="none", delta=s["huberLimit"])

    for progress in (0.25, 0.5):
        columns = agent.rollout(progress)
        with torch.no_grad():
            columns["oldOutput"] = agent.output(columns["obs"])
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

                agent.count_in(batch["return"])
                mean, deviation = agent.moments()
                target, output = (batch["return"] - mean) / deviation, agent.output(batch["obs"])
                errors = error_of(output - target)
                if s["clipValues"]:
                    moved = batch["oldOutput"] + (output - batch["oldOutput"]).clamp(-limit, limit)
                    errors = torch.max(errors, error_of(moved - target))
                error = errors.mean()

                agent.run.report(policy_gradient_loss=surrogate, value_loss=error, entropy=entropy)
                agent.run.report(approx_kl=((ratio - 1) - log_ratio).mean(), learning_rate=torch.tensor(rate))
                agent.run.report(clip_fraction=((ratio - 1).abs() > limit).double().mean())
                losses = {"actor": surrogate - s["entropyWeight"] * entropy, "critic": s["valueWeight"] * error}
                agent.descend(losses, s["maxGradientNorm"], rate)
        agent.seen.observe(columns["obs"])
    return agent.run.done()


write(__file__, [
    case("with normalised values"),
    case("with statistics that begin", statistics=(0.0, 0.0, 1.0), clipValues=False),
    case("in minibatches of one team", minibatches=5, epochs=1, normalizeAdvantages=False, maxGradientNorm=100),
    case("with values as they are and errors beyond the limit", normalizeValues=False, huberLimit=0.5),
    case("with squared errors", normalize=False, huberLimit=0, normalizeValues=False, annealLearningRate=False),
])
