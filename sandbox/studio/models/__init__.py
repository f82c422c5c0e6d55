"""The products' models: functions that return parts (mesh, material), in centimetres, front towards -y."""
