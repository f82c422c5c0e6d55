"""The pages of cost profiles, score weights and rates."""
