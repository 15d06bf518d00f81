"""Golden numbers of EXPO (arXiv:2507.07986) with a flow as base (arXiv:2210.02747): imitation by flow matching, edits by
soft actor-critic, and targets of the candidate that a subset of the target critics values most, by another subset. Two
consecutive updates.

Command: python3 -B tests/golden/agents/expo.py && npm run format
PyTorch 2.15.0, NumPy 2.4.6, Python 3.11; writes expo.json.
"""

import torch
from common import ACT, HIDDEN, OBS, ROWS, Case, Mlp, Observations, Temperature, bellman, squashed, transitions, write
from torch.nn import functional as F

COMMON = {
    "targetRate": 0.05,
    "actorLearningRate": 1e-3,
    "baseLearningRate": 4e-3,
    "criticLearningRate": 2e-3,
    "temperatureLearningRate": 3e-3,
    "hidden": HIDDEN,
}
EXPO = {
    "flowSteps": 10,
    "candidates": 8,
    "editScale": 0.3,
    "critics": 10,
    "targetSubset": 2,
    "criticLayerNorm": True,
    "targetEntropyPerAction": -0.5,
    "normalizeObservations": False,
}


def case(name, **settings):
    given = {**COMMON, **settings}
    s = {**EXPO, **given}
    members, delay, kept = s["critics"], s["policyDelay"], s["candidates"]
    run = Case("expo", name, given)
    flow = Mlp([OBS + ACT + 1, *s["baseHidden"], ACT], layer_norm=True, activation=F.silu)
    editor = Mlp([OBS + ACT, *HIDDEN, 2 * ACT])
    q = Mlp([OBS + ACT, *HIDDEN, 1], members, s["criticLayerNorm"])
    base = run.trained("base", flow.size, s["baseLearningRate"])
    edit = run.trained("edit", editor.size, s["actorLearningRate"])
    critics = run.trained("critics", q.size, s["criticLearningRate"])
    targets = run.vector("targetCritics", q.size)
    temperature = Temperature(run, s["temperatureLearningRate"], s["targetEntropyPerAction"] * ACT)
    seen = Observations(run, s["normalizeObservations"])

    def velocity(x, point, time):
        return flow(base, torch.cat([x, point, time], -1))

    def value(vector, x, action):
        return q(vector, torch.cat([x, action], -1)).squeeze(-1)

    def candidates(x, latent, noise):
        """[C, A] for one observation [O], of K latents and noises of edits [K, A]."""
        wide, point = x.expand(kept, OBS), latent
        for step in range(s["flowSteps"]):
            time = torch.full((kept, 1), step / s["flowSteps"])
            point = point + velocity(wide, point, time) / s["flowSteps"]
        actions = point.clamp(-1, 1)
        edits, *_ = squashed(editor(edit, torch.cat([wide, actions], -1)), noise)
        return torch.cat([actions, (actions + s["editScale"] * edits).clamp(-1, 1)])

    for _ in range(2):
        run.begin()
        parts = transitions(run, delay)
        # Large enough that some candidates meet the bounds.
        latent = run.take("noise.next.latent", (delay, ROWS, kept, ACT), run.wave(1.5))
        edits = run.take("noise.next.edit", (delay, ROWS, kept, ACT))
        subsets = None
        if s["targetSubset"] < members:
            subsets = [run.take(f"noise.critic.{use}", (delay, members)) for use in ("choosing", "valuing")]
        for i, batch in enumerate(parts):
            with torch.no_grad():
                following = []
                next_x = seen(batch["nextObs"])
                for row in range(ROWS):
                    options = candidates(next_x[row], latent[i, row], edits[i, row])
                    worth = value(targets, next_x[row].expand(2 * kept, OBS), options)
                    if subsets:
                        worth = worth[subsets[0][i].topk(s["targetSubset"]).indices]
                    following.append(options[worth.min(0).values.argmax()])
                next_q = value(targets, next_x, torch.stack(following))
                if subsets:
                    next_q = next_q[subsets[1][i].topk(s["targetSubset"]).indices]
                y = bellman(batch, next_q.min(0).values)
            present = value(critics, seen(batch["obs"]), batch["action"])
            loss = sum(F.mse_loss(present[m], y) for m in range(members))
            run.report(critic_loss=loss, q=present.mean())
            run.descend("critics", loss)
            run.follow("targetCritics", "critics", s["targetRate"])

        last = parts[-1]
        x, shown = seen(last["obs"]), last["action"]
        start = run.take("noise.policy.latent", (ROWS, ACT))
        time = (run.take("noise.policy.time", (ROWS, 1), run.wave(1.0)) + 1) / 2
        loss = F.mse_loss(velocity(x, (1 - time) * start + time * shown, time), shown - start)
        run.report(base_loss=loss)
        run.descend("base", loss)

        alpha = temperature.alpha()
        noise = run.take("noise.policy.edit", (ROWS, ACT))
        change, log_prob, *_ = squashed(editor(edit, torch.cat([x, shown], -1)), noise)
        improved = (shown + s["editScale"] * change).clamp(-1, 1)
        loss = (alpha * log_prob - value(critics, x, improved).mean(0)).mean()
        run.report(actor_loss=loss)
        run.descend("edit", loss)
        temperature.update(log_prob)
        seen.observe(last["obs"])
    return run.done()


write(__file__, [
    case("as in the paper, with fewer candidates", baseHidden=HIDDEN, candidates=3, flowSteps=4, policyDelay=3),
    case(
        "with its switches",
        baseHidden=[5],
        candidates=2,
        flowSteps=1,
        policyDelay=1,
        editScale=1.2,
        critics=3,
        targetSubset=3,
        criticLayerNorm=False,
        normalizeObservations=True,
    ),
])
