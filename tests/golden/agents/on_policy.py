"""What both on-policy agents have: a Gaussian policy whose deviation does not depend on the state, a value network, a
rollout described by the policy that made it, and generalised advantage estimation.

T control steps of N scenes, R = T·N rows, row t·N + n.
"""

import torch
from common import ACT, HIDDEN, OBS, Case, Mlp, Observations
from torch.distributions import Independent, Normal

STEPS, SCENES = 5, 2
SETTINGS = {"discount": 0.97, "traceDecay": 0.9, "hidden": HIDDEN}
# Adam's: large steps, so that ratios and values reach their limits, and small moments, so that epsilon counts.
LEARNING_RATE, EPSILON, SECOND_MOMENT = 3e-2, 1e-5, 1e-7


def advantages(reward, terminated, truncated, value, next_value, discount, decay):
    """Σ (γλ)^k·δ of the steps up to the end of the episode (arXiv:1506.02438, Eq. 16), summed forwards."""
    result = torch.zeros(STEPS * SCENES)
    for scene in range(SCENES):
        for start in range(STEPS):
            total, weight = 0.0, 1.0
            for step in range(start, STEPS):
                row = step * SCENES + scene
                following = 0.0 if terminated[row] else discount * next_value[row]
                total += weight * (reward[row] + following - value[row])
                weight *= discount * decay
                if terminated[row] or truncated[row]:
                    break
            result[start * SCENES + scene] = total
    return result


class ActorCritic:
    def __init__(self, agent, name, settings, normalize=True):
        self.settings = {**SETTINGS, **settings, "normalizeObservations": normalize}
        self.run = Case(agent, name, self.settings)
        self.policy = Mlp([OBS, *HIDDEN, ACT], activation=torch.tanh)
        self.network = Mlp([OBS, *HIDDEN, 1], activation=torch.tanh)
        adam = {"rate": LEARNING_RATE, "epsilon": EPSILON, "second_moment": SECOND_MOMENT}
        self.actor = self.run.trained("actor", self.policy.size + ACT, **adam)
        self.critic = self.run.trained("critic", self.network.size, **adam)
        self.seen = Observations(self.run, normalize)

    def distribution(self, obs):
        """The policy, its means and log σ [A]."""
        mean, log_std = self.policy(self.actor[:-ACT], self.seen(obs)), self.actor[-ACT:]
        return Independent(Normal(mean, log_std.exp().expand_as(mean)), 1), mean, log_std

    def value(self, obs):
        return self.network(self.critic, self.seen(obs)).squeeze(-1)

    def rollout(self, progress):
        """Takes a rollout as the inputs of an update. @returns its columns"""
        run, rows = self.run, STEPS * SCENES
        run.begin()
        run.record["updates"][-1].update({"progress": progress, "steps": STEPS})
        obs, next_obs = run.take("obs", (rows, OBS), run.wave(1.5)), run.take("nextObs", (rows, OBS), run.wave(1.5))
        noise, reward = run.take("noise", (rows, ACT)), run.take("reward", (rows,), run.wave(2.0))
        # The first scene ends in a termination and goes on, the second meets its time limit.
        terminated = run.take("terminated", (rows,), {"values": [0, 0, 0, 0, 1, 0, 0, 0, 0, 0]})
        truncated = run.take("truncated", (rows,), {"values": [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]})
        with torch.no_grad():
            policy, mean, log_std = self.distribution(obs)
            sample = mean + log_std.exp() * noise
            value, next_value = self.value(obs), self.value(next_obs)
            s = self.settings
            advantage = advantages(
                reward, terminated, truncated, value, next_value, s["discount"], s["traceDecay"]
            )
            columns = {
                "obs": obs,
                "sample": sample,
                "oldMean": mean,
                "oldLogStd": log_std.expand_as(mean).clone(),
                "oldLogProb": policy.log_prob(sample),
                "value": value,
                "nextValue": next_value,
                "advantage": advantage,
                "return": advantage + value,
            }
        residual = columns["return"] - value
        explained = 1 - residual.var(correction=0) / columns["return"].var(correction=0)
        run.report(explained_variance=explained)
        run.record["updates"][-1]["columns"] = {
            name: columns[name].tolist() for name in ("value", "nextValue", "advantage", "return")
        }
        return columns

    def descend(self, losses, limit, rate):
        """One step on the loss of each named vector, the gradients clipped by their joint length."""
        for name, loss in losses.items():
            self.run.vectors[name].grad = torch.autograd.grad(loss, self.run.vectors[name])[0]
        torch.nn.utils.clip_grad_norm_([self.run.vectors[name] for name in losses], limit)
        for name in losses:
            self.run.optimizers[name].param_groups[0]["lr"] = rate
            self.run.optimizers[name].step()


def minibatches(columns, count):
    """In the order of the rows."""
    parts = [column.split(len(column) // count) for column in columns.values()]
    return [dict(zip(columns, part)) for part in zip(*parts)]


def standardised(x):
    """By the deviation of the batch itself, which divides by the number of rows."""
    return (x - x.mean()) / (x.std(correction=0) + 1e-8)


def value_loss(value, old_value, target, limit):
    """½·max of the squared errors of the value and of the value moved at most `limit`; without it the first of them."""
    error = (value - target) ** 2
    if limit is None:
        return 0.5 * error.mean()
    clipped = old_value + (value - old_value).clamp(-limit, limit)
    return 0.5 * torch.max(error, (clipped - target) ** 2).mean()
