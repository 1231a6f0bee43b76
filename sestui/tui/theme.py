"""One dark and one light theme; every other colour is one of their variables."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="sestui-dark",
    dark=True,
    primary="#6cb2ff",
    secondary="#8fa7c4",
    accent="#ffb454",
    success="#63d297",
    warning="#f2c14e",
    error="#ff7a76",
    foreground="#d9e0ea",
    background="#10141b",
    surface="#171d27",
    panel="#212938",
    variables={
        "footer-key-foreground": "#ffb454",
        "footer-description-foreground": "#aab6c6",
        "footer-background": "#171d27",
        "block-cursor-background": "#2b4a70",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#212938",
        "input-selection-background": "#6cb2ff 35%",
        "border": "#3d7fc4",
        "border-blurred": "#2b3546",
    },
)

LIGHT = Theme(
    name="sestui-light",
    dark=False,
    primary="#0b5cad",
    secondary="#4a6076",
    accent="#8a4b00",
    success="#146c43",
    warning="#7a5200",
    error="#b3261e",
    foreground="#1b2430",
    background="#fafbfc",
    surface="#f0f2f6",
    panel="#e1e6ee",
    variables={
        "footer-key-foreground": "#8a4b00",
        "footer-description-foreground": "#445468",
        "footer-background": "#e9edf3",
        "block-cursor-background": "#c9def5",
        "block-cursor-foreground": "#0c1a2a",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e1e6ee",
        "border": "#0b5cad",
        "border-blurred": "#b9c3d0",
    },
)
