"""The Chromium that browser tests and benchmarks drive. `python tests/chromium.py` installs one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC_APPS = ("Chromium", "Google Chrome", "Microsoft Edge")
# Nothing but the pages under test is to be fetched.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
# What would start two processes for each new context beside its page's own: the address bar's suggestions, and a spare.
BULKY = (
    "SpareRendererForSitePerProcess",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
)
# Chromium heeds the last list alone, so this one repeats what of Playwright's own makes a difference here.
PLAYWRIGHTS = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AimEnabled",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
LEAN = f"--disable-features={','.join((*BULKY, *PLAYWRIGHTS))}"


def find() -> str | None:
    """The first installed browser of the Chromium family, or None: then Playwright's own is what there is."""
    mac = (f"/Applications/{app}.app/Contents/MacOS/{app}" for app in MAC_APPS)
    return next(filter(None, map(shutil.which, (*NAMES, *mac))), None)


def is_root() -> bool:
    return os.geteuid() == 0


def launch_options(*switches: str) -> dict[str, Any]:
    """Keyword arguments for Playwright's `chromium.launch`."""
    # Chromium's sandbox refuses to start as root.
    as_root = ["--no-sandbox"] if is_root() else []
    return {"executable_path": find(), "args": [*QUIET, *as_root, *switches]}


def apt_install() -> bool:
    if not (is_root() and shutil.which("apt-get")):
        return False
    print("Installing Chromium with apt-get")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"])
    return all(subprocess.run(["apt-get", *step], env=env).returncode == 0 for step in steps)


def install() -> int:
    if find() or apt_install():
        return 0
    print("Installing Playwright's Chromium")
    playwright = Path(sys.executable).with_name("playwright")
    return subprocess.run([playwright, "install", *(["--with-deps"] if is_root() else []), "chromium"]).returncode


if __name__ == "__main__":
    sys.exit(install())
