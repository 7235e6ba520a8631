"""Study by chat: plan, material, hours, leave, training."""
