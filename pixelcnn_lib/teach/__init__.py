"""What the chapters show and ask: pictures here, then live figures and checks; the core never imports it."""
