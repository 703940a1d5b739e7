"""The code itself is tried here: mutants, faults, hostile input, versions, the wheel, the gate, the shape of the house."""
