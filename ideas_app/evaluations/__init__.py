"""What colleagues of the city make of an idea before it is answered: feasible or not, and how good."""
