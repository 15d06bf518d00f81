"""Updates of `bench update` in PyTorch eager, float32, for comparison.

Usage: python3 updates_pytorch.py AGENT THREADS UPDATES BATCH
Prints "ready" and the number of critic updates in a call. Then, for each line on standard input, it runs a round of at
least UPDATES critic updates, a whole number of calls, and prints its milliseconds per critic update.

Written as a good PyTorch program is: an ensemble is one `baddbmm` a layer, targets move by `torch._foreach_lerp_`, the
actor's loss is differentiated by the actor alone, and critics that do not count are not computed. Adam is that of
torch.optim with its defaults. A batch of random transitions stays the same; where a call takes several, all are that one.

Shapes: B rows, A action size, E members of an ensemble, M quantiles, K quantiles of a target.
"""
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

OBS, ACT = 17, 6
DISCOUNT, TARGET_RATE = 0.99, 0.005


def mlp(widths, activation=nn.ReLU):
    """Linear layers [B, in] -> [B, out]."""
    layers = [layer for i, o in zip(widths, widths[1:]) for layer in (nn.Linear(i, o), activation())]
    return nn.Sequential(*layers[:-1])


class Ensemble(nn.Module):
    """E networks of (state, action) at once, [B, in] -> [E, B, out]."""

    def __init__(self, members, widths, activation=nn.ReLU, layer_norm=False, dropout=0.0):
        super().__init__()
        self.activation, self.layer_norm, self.dropout = activation(), layer_norm, dropout
        self.kernels, self.biases, self.scales, self.shifts = (nn.ParameterList() for _ in range(4))
        for i, o in zip(widths, widths[1:]):
            self.kernels.append(nn.Parameter(torch.empty(members, i, o).uniform_(-1, 1) / math.sqrt(i)))
            self.biases.append(nn.Parameter(torch.empty(members, 1, o).uniform_(-1, 1) / math.sqrt(i)))
            if layer_norm and len(self.kernels) < len(widths) - 1:
                self.scales.append(nn.Parameter(torch.ones(members, 1, o)))
                self.shifts.append(nn.Parameter(torch.zeros(members, 1, o)))

    def forward(self, obs, action, members=slice(None)):
        """Of all networks, or of those that a slice or indices choose."""
        x = torch.cat([obs, action], 1)
        for layer, (kernel, bias) in enumerate(zip(self.kernels, self.biases)):
            kernel = kernel[members]
            x = torch.baddbmm(bias[members], x.expand(len(kernel), -1, -1), kernel)
            if layer == len(self.kernels) - 1:
                return x
            x = F.dropout(x, self.dropout) if self.dropout else x
            if self.layer_norm:
                x = F.layer_norm(x, x.shape[-1:])
                x = torch.addcmul(self.shifts[layer][members], x, self.scales[layer][members])
            x = self.activation(x)


class Trained:
    """A network with its optimiser and, where one is asked for, a target that starts as its copy."""

    def __init__(self, make, rate, target=False):
        self.network = make()
        self.parameters = list(self.network.parameters())
        self.optimizer = torch.optim.Adam(self.parameters, lr=rate)
        if target:
            self.target = make()
            self.target.load_state_dict(self.network.state_dict())
            self.target_parameters = list(self.target.parameters())

    def descend(self, loss):
        self.optimizer.zero_grad()
        loss.backward(inputs=self.parameters)
        self.optimizer.step()

    def move_target(self):
        with torch.no_grad():
            torch._foreach_lerp_(self.target_parameters, self.parameters, TARGET_RATE)


class Temperature:
    """log α, learned so that the entropy reaches a target."""

    def __init__(self, target_entropy, rate=3e-4):
        self.log, self.target = torch.zeros(1, requires_grad=True), target_entropy
        self.optimizer = torch.optim.Adam([self.log], lr=rate)

    def value(self):
        return self.log.detach().exp()

    def update(self, log_prob):
        self.optimizer.zero_grad()
        (-self.log.exp() * (log_prob.detach() + self.target)).mean().backward()
        self.optimizer.step()


class Batch:
    def __init__(self, rows):
        self.obs, self.next_obs = torch.randn(rows, OBS), torch.randn(rows, OBS)
        self.action, self.reward = torch.rand(rows, ACT) * 2 - 1, torch.randn(rows)
        self.terminated = torch.zeros(rows)

    def bellman(self, value):
        return self.reward + DISCOUNT * (1 - self.terminated) * value


def sample(actor, obs, high=2.0):
    """Action and log π of a Gaussian through tanh."""
    mean, log_std = actor(obs).chunk(2, 1)
    log_std = log_std.clamp(-20, high)
    noise = torch.randn_like(mean)
    u = mean + log_std.exp() * noise
    terms = -0.5 * noise.square() - log_std - 0.9189385 - 2 * (0.6931472 - u - F.softplus(-2 * u))
    return torch.tanh(u), terms.sum(1)


def sac(batch, members=2, subset=None, actor_value="min", delay=1, entropy=-1.0, **critic_options):
    """SAC and, by its options, REDQ, DroQ and RLPD."""
    actor = Trained(lambda: mlp([OBS, 256, 256, 2 * ACT]), 3e-4)
    critics = Trained(lambda: Ensemble(members, [OBS + ACT, 256, 256, 1], **critic_options), 3e-4, target=True)
    temperature = Temperature(entropy * ACT)

    def call():
        alpha = temperature.value()
        for _ in range(delay):
            with torch.no_grad():
                action, log_prob = sample(actor.network, batch.next_obs)
                chosen = torch.randperm(members)[:subset] if subset else slice(None)
                following = critics.target(batch.next_obs, action, chosen).squeeze(2)
                y = batch.bellman(following.amin(0) - alpha * log_prob)
            q = critics.network(batch.obs, batch.action).squeeze(2)
            critics.descend((q - y).square().mean(1).sum())
            critics.move_target()
        action, log_prob = sample(actor.network, batch.obs)
        q = critics.network(batch.obs, action).squeeze(2)
        value = q.amin(0) if actor_value == "min" else q.mean(0)
        actor.descend((alpha * log_prob - value).mean())
        temperature.update(log_prob)

    return delay, call


def td3(batch, delay=2):
    actor = Trained(lambda: mlp([OBS, 256, 256, ACT]), 3e-4, target=True)
    critics = Trained(lambda: Ensemble(2, [OBS + ACT, 256, 256, 1]), 3e-4, target=True)

    def call():
        for _ in range(delay):
            with torch.no_grad():
                noise = (torch.randn_like(batch.action) * 0.2).clamp(-0.5, 0.5)
                action = (torch.tanh(actor.target(batch.next_obs)) + noise).clamp(-1, 1)
                y = batch.bellman(critics.target(batch.next_obs, action).squeeze(2).amin(0))
            q = critics.network(batch.obs, batch.action).squeeze(2)
            critics.descend((q - y).square().mean(1).sum())
        q = critics.network(batch.obs, torch.tanh(actor.network(batch.obs)), members=slice(1))
        actor.descend(-q.mean())
        actor.move_target()
        critics.move_target()

    return delay, call


def dsac_t(batch, delay=2):
    hidden = [256, 256, 256]
    actor = Trained(lambda: mlp([OBS, *hidden, 2 * ACT], nn.GELU), 1e-4, target=True)
    critics = Trained(lambda: Ensemble(2, [OBS + ACT, *hidden, 2], nn.GELU), 1e-4, target=True)
    temperature = Temperature(-ACT)
    running = torch.ones(2, 1)

    def returns(network, obs, action):
        mean, raw = network(obs, action).unbind(2)
        return mean, F.softplus(raw)

    def huber(error):
        return F.huber_loss(error, torch.zeros_like(error), reduction="none", delta=50.0)

    def call():
        alpha = temperature.value()
        for _ in range(delay):
            with torch.no_grad():
                action, log_prob = sample(actor.target, batch.next_obs, 0.5)
                mean, deviation = returns(critics.target, batch.next_obs, action)
                drawn = mean + torch.randn_like(mean).clamp(-3, 3) * deviation
                least, index = mean.min(0)
                expected = batch.bellman(least - alpha * log_prob)
                sampled = batch.bellman(drawn.gather(0, index[None])[0] - alpha * log_prob)
            mean, deviation = returns(critics.network, batch.obs, batch.action)
            with torch.no_grad():
                running.lerp_(deviation.mean(1, keepdim=True), 0.005)
                error = (sampled - mean).clamp(-3 * running, 3 * running)
                variance = deviation.square()
                weight = (running.square() / (variance + 0.1)).clamp(0.1, 10)
                slope = (variance - huber(error)) / (deviation + 0.1)
            critics.descend((weight * (huber(mean - expected) + deviation * slope)).mean(1).sum())
        action, log_prob = sample(actor.network, batch.obs, 0.5)
        mean, _ = returns(critics.network, batch.obs, action)
        actor.descend((alpha * log_prob - mean.amin(0)).mean())
        temperature.update(log_prob)
        actor.move_target()
        critics.move_target()

    return delay, call


def tqc(batch, members=5, quantiles=25, dropped=2):
    actor = Trained(lambda: mlp([OBS, 256, 256, 2 * ACT]), 3e-4)
    critics = Trained(lambda: Ensemble(members, [OBS + ACT, 512, 512, 512, quantiles]), 3e-4, target=True)
    temperature = Temperature(-ACT)
    kept = members * (quantiles - dropped)
    tau = ((torch.arange(quantiles) + 0.5) / quantiles)[:, None]

    def call():
        alpha = temperature.value()
        with torch.no_grad():
            action, log_prob = sample(actor.network, batch.next_obs)
            pooled = critics.target(batch.next_obs, action).transpose(0, 1).flatten(1)
            least = pooled.sort(1).values[:, :kept]
            y = batch.bellman((least - (alpha * log_prob)[:, None]).T).T
        z = critics.network(batch.obs, batch.action)
        predicted = z[..., None].expand(-1, -1, -1, kept)  # [E, B, M, K]
        wanted = y[:, None, :].expand_as(predicted)
        with torch.no_grad():
            weight = (tau - (wanted < predicted).float()).abs_()
        critics.descend((weight * F.huber_loss(predicted, wanted, reduction="none")).mean())
        critics.move_target()
        action, log_prob = sample(actor.network, batch.obs)
        actor.descend((alpha * log_prob - critics.network(batch.obs, action).mean((0, 2))).mean())
        temperature.update(log_prob)

    return 1, call


AGENTS = {
    "sac": sac,
    "redq": lambda batch: sac(batch, members=10, subset=2, actor_value="mean", delay=20),
    "droq": lambda batch: sac(batch, actor_value="mean", delay=20, layer_norm=True, dropout=0.01),
    "rlpd": lambda batch: sac(batch, 10, subset=2, actor_value="mean", delay=20, entropy=-0.5, layer_norm=True),
    "td3": td3,
    "dsac-t": dsac_t,
    "tqc": tqc,
}
WARM_UP = 0.2  # Seconds before the clock starts: threads wake up, caches fill.


def main(agent, threads, updates, rows):
    torch.set_num_threads(int(threads))
    updates_per_call, call = AGENTS[agent](Batch(int(rows)))
    calls = math.ceil(int(updates) / updates_per_call)
    call()
    print("ready", updates_per_call, flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        while time.perf_counter() - started < WARM_UP:
            call()
        started = time.perf_counter()
        for _ in range(calls):
            call()
        print((time.perf_counter() - started) / (calls * updates_per_call) * 1e3, flush=True)


main(*sys.argv[1:])
