"""What is kept to reckon with: exchange rates for everybody, cost profiles and score weights of teams."""

from reckoning.models.profile import CostProfile
from reckoning.models.rate import ExchangeRate
from reckoning.models.weights import ScoreWeights

__all__ = ["CostProfile", "ExchangeRate", "ScoreWeights"]
