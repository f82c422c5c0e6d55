"""How the eye's file is made: network, projection, calibration. The portal never imports this; see ``__main__``."""
