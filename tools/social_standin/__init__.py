"""Kakao, Naver and Google on one's own machine: `python -m tools.social_standin`. See README.md.

Whoever reaches this server signs in as anybody, so it listens on loopback only and refuses to run in production.
"""
