"""Stage 4: how two models differ, in sentences that name their facts."""
