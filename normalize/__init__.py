"""Stage 2: text as published becomes typed records, or a reason why not."""
