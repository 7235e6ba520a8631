"""三会一课: plan, call, sign in, leave, who came, minutes, how often."""
