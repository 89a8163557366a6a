"""From mapping by way of gap to measures: what a group can, what a role asks for, and what may be done about the difference."""
