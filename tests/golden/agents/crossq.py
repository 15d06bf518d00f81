"""Golden numbers of CrossQ (arXiv:1902.05605): batch renormalisation (arXiv:1702.03275, algorithm 1) instead of target
networks. Two consecutive updates.

Command: python3 -B tests/golden/agents/crossq.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes crossq.json.
"""

import torch
from common import ACT, CENTRE, HIDDEN, OBS, ROWS, SCALE, Case, Temperature, bellman, squashed, transitions, write
from torch.nn import functional as F

COMMON = {
    "actorLearningRate": 1e-3,
    "criticLearningRate": 2e-3,
    "temperatureLearningRate": 3e-3,
    "hidden": HIDDEN,
    "criticHidden": HIDDEN,
    "momentum": 0.9,
}
CROSSQ = {"critics": 2, "policyDelay": 3, "beta1": 0.5, "actorValue": "min", "targetEntropyPerAction": -1}
MAX_SCALE, MAX_SHIFT, EPSILON = 3.0, 5.0, 1e-3


class BatchRenormMlp:
    """Layers of normalisation (scale, shift), kernel, bias; the first layer's statistics are common to all members."""

    def __init__(self, widths, members=None):
        self.widths, self.members = widths, members
        count = members or 1
        self.size = count * sum(2 * i + i * o + o for i, o in zip(widths, widths[1:]))
        self.shapes = [(1 if layer == 0 else count, inputs) for layer, inputs in enumerate(widths[:-1])]
        self.statistics = 1 + 2 * sum(members * inputs for members, inputs in self.shapes)

    def start(self, updates):
        """Of the updates seen, of means and of variances, some of them far from what batches will show."""
        flat = [float(updates)]
        for layer, (members, inputs) in enumerate(self.shapes):
            index = torch.arange(members * inputs)
            flat += (1.5 * torch.sin(1.7 * index + layer)).tolist()
            flat += (0.5 + 0.499 * torch.sin(2.1 * index + 2 * layer)).tolist()
        return {"values": [float(f"{value:.4g}") for value in flat]}

    def __call__(self, vector, statistics, x, learn=None):
        """[B, out] or [E, B, out]. With `learn`, momentum and warm-up, by the batch's statistics instead of its own."""
        count = self.members or 1
        offset, place = 0, 1
        warm = bool(statistics[0] >= learn[1]) if learn else None
        hidden = [x] * count
        if learn:
            statistics[0] += 1
        for layer, (inputs, units) in enumerate(zip(self.widths, self.widths[1:])):
            parts = []
            for size in (inputs, inputs, inputs * units, units):
                parts.append(vector[offset : offset + count * size].split(size))
                offset += count * size
            size = self.shapes[layer][0] * inputs
            means, variances = statistics[place : place + size], statistics[place + size : place + 2 * size]
            place += 2 * size
            before = [s.clone().reshape(-1, inputs).expand(count, -1) for s in (means, variances)]
            for m in range(count):
                h = self.normalise(hidden[m], before[0][m], before[1][m], warm)
                h = F.linear(h * parts[0][m] + parts[1][m], parts[2][m].reshape(inputs, units).T, parts[3][m])
                if learn:
                    batch = hidden[m].detach()
                    own = slice(0, inputs) if layer == 0 else slice(m * inputs, (m + 1) * inputs)
                    means[own] = learn[0] * before[0][m] + (1 - learn[0]) * batch.mean(0)
                    variances[own] = learn[0] * before[1][m] + (1 - learn[0]) * batch.var(0, correction=0)
                hidden[m] = h if layer + 2 == len(self.widths) else F.relu(h)
        return hidden[0] if self.members is None else torch.stack(hidden)

    @staticmethod
    def normalise(x, mean, variance, warm):
        if warm is None:
            return F.batch_norm(x, mean, variance, training=False, eps=EPSILON)
        plain = F.batch_norm(x, None, None, training=True, eps=EPSILON)
        if not warm:
            return plain
        batch = x.detach()
        own, running = (batch.var(0, correction=0) + EPSILON).sqrt(), (variance + EPSILON).sqrt()
        r = (own / running).clamp(1 / MAX_SCALE, MAX_SCALE)
        d = ((batch.mean(0) - mean) / running).clamp(-MAX_SHIFT, MAX_SHIFT)
        return plain * r + d


def case(name, updates, **settings):
    given = {**COMMON, **settings}
    s = {**CROSSQ, **given}
    members, delay = s["critics"], s["policyDelay"]
    run = Case("crossq", name, given)
    policy = BatchRenormMlp([OBS, *HIDDEN, 2 * ACT])
    q = BatchRenormMlp([OBS + ACT, *HIDDEN, 1], members)
    actor = run.trained("actor", policy.size, s["actorLearningRate"], s["beta1"])
    actor_seen = run.vector("actorStatistics", policy.statistics, policy.start(updates))
    critics = run.trained("critics", q.size, s["criticLearningRate"], s["beta1"])
    critics_seen = run.vector("criticStatistics", q.statistics, q.start(updates))
    temperature = Temperature(run, s["temperatureLearningRate"], s["targetEntropyPerAction"] * ACT)
    learn = (s["momentum"], s["warmUpUpdates"])

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay)
        next_noise = run.take("noise.critic.nextAction", (delay, ROWS, ACT))
        alpha = temperature.alpha()
        for i, batch in enumerate(parts):
            x, next_x = ((batch[name] - CENTRE) * SCALE for name in ("obs", "nextObs"))
            with torch.no_grad():
                next_action, log_prob, *_ = squashed(policy(actor, actor_seen, next_x), next_noise[i])
            both = torch.cat([torch.cat([x, batch["action"]], -1), torch.cat([next_x, next_action], -1)])
            values = q(critics, critics_seen, both, learn).squeeze(-1)
            present, following = values[:, :ROWS], values[:, ROWS:].detach()
            y = bellman(batch, following.min(0).values - alpha * log_prob)
            loss = sum(F.mse_loss(present[m], y) for m in range(members))
            run.report(critic_loss=loss, q=present.mean())
            run.descend("critics", loss)

        x, noise = (parts[-1]["obs"] - CENTRE) * SCALE, run.take("noise.actor.action", (ROWS, ACT))
        action, log_prob, *_ = squashed(policy(actor, actor_seen, x, learn), noise)
        values = q(critics, critics_seen, torch.cat([x, action], -1)).squeeze(-1)
        best = values.min(0).values if s["actorValue"] == "min" else values.mean(0)
        loss = (alpha * log_prob - best).mean()
        run.report(actor_loss=loss)
        run.descend("actor", loss)
        temperature.update(log_prob)
    return run.done()


write(__file__, [
    case("before the end of the warm-up", 0, warmUpUpdates=1000, policyDelay=1),
    case("at the end of the warm-up", 4, warmUpUpdates=5, policyDelay=2),
    case("after the warm-up", 9, warmUpUpdates=5, policyDelay=3, critics=3, actorValue="mean"),
])
