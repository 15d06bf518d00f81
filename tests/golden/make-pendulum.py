"""Writes pendulum.json: 30 steps of Gymnasium's Pendulum-v1 in float64.

Command, from this folder (Python 3.11, gymnasium 1.4.0, numpy 2.4.6):

    python make-pendulum.py > pendulum.json
"""

import json
import platform

import gymnasium
import numpy as np

# Angle from upright, rad, and speed, rad/s: falls past the bottom, where the angle wraps, and meets the speed limit.
START = (0.5, 6.5)
STEPS = 30


def action(step: int) -> float:
    """Torque over its maximum, exact in float32; beyond 1 at times, so that clipping shows."""
    return float(np.float32(1.3 * np.sin(0.7 * step) + 0.1))


def main() -> None:
    env = gymnasium.make("Pendulum-v1").unwrapped
    env.reset(seed=0)
    env.state = np.array(START, dtype=np.float64)
    env.last_u = None
    rows = []
    for step in range(STEPS):
        torque = np.array([2.0 * action(step)], dtype=np.float64)
        _, reward, terminated, truncated, _ = env.step(torque)
        angle, speed = env.state
        rows.append(
            {
                "action": action(step),
                "angle": float(angle),
                "speed": float(speed),
                "reward": float(np.asarray(reward).item()),
                "ended": bool(terminated or truncated),
            }
        )
    versions = {
        "python": platform.python_version(),
        "gymnasium": gymnasium.__version__,
        "numpy": np.__version__,
    }
    print(json.dumps({"versions": versions, "start": START, "steps": rows}, indent=1))


if __name__ == "__main__":
    main()
