"""台账: records are told, corrected, asked for and summed, each kind as it declares."""
