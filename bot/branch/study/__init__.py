"""Study: the week's plan, materials, check-ins, hours and training."""
