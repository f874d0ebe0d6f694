"""Where things lie: the project, and the folder for everything a running shop leaves behind."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"  # git-ignored; deleting it while nothing runs resets the demo shop
