"""Writes the folder lerobot: a small data set as LeRobot's own writer makes it, with names, units and rewards of a toy.

Needs lerobot (github.com/huggingface/lerobot, made with 0.4.4): python make-lerobot.py, then npx biome format --write lerobot
"""

import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from lerobot.datasets.lerobot_dataset import LeRobotDataset

folder = Path(__file__).parent / "lerobot"
shutil.rmtree(folder, ignore_errors=True)
scalar = {"shape": (1,), "names": None}
dataset = LeRobotDataset.create(
    "toy/points",
    fps=10,
    root=folder,
    robot_type="point",
    use_videos=False,
    features={
        "observation.state": {"dtype": "float32", "shape": (3,), "names": ["age", "x", "noise"]},
        "observation.environment_state": {"dtype": "float32", "shape": (2,), "names": {"axes": ["goal.x", "goal.y"]}},
        "action": {"dtype": "float32", "shape": (2,), "names": ["push", "burn"]},
        "next.reward": {"dtype": "float32", **scalar},
        "next.done": {"dtype": "bool", **scalar},
        "next.success": {"dtype": "bool", **scalar},
    },
)
# All numbers are exact in float32: frame t of episode e.
for episode, (length, success) in enumerate([(3, True), (4, False)]):
    for frame in range(length):
        last = frame == length - 1
        dataset.add_frame(
            {
                "observation.state": np.array([frame, 0.25 * frame + episode, -0.5 * frame], np.float32),
                "observation.environment_state": np.array([episode, 2], np.float32),
                "action": np.array([0.125 * frame, -1.5], np.float32),
                "next.reward": np.array([0.5 * frame - episode], np.float32),
                "next.done": np.array([last]),
                "next.success": np.array([last and success]),
                "task": "reach the goal" if success else "reach the far goal",
            }
        )
    dataset.save_episode()
dataset.finalize()
shutil.rmtree(folder / "images", ignore_errors=True)
# LeRobot's loader leaves the statistics of each episode out, and they would be most of the bytes.
episodes = folder / "meta/episodes/chunk-000/file-000.parquet"
columns = [name for name in parquet.read_schema(episodes).names if not name.startswith("stats/")]
parquet.write_table(parquet.read_table(episodes, columns=columns).replace_schema_metadata(), episodes)
