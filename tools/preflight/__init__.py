"""Reads of a subscription before a deployment: what Azure has, held against what a description needs. Nothing is written."""
