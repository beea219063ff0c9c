"""What the chapters show and ask: pictures, live figures, exercises. The core never imports it."""
