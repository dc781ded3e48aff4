"""Fairs and matching: who held which fair, who came, what was intended; visits, and the work that grants depend on."""
