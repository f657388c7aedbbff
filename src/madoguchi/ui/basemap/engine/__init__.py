"""Rivers, roads and railways of a town out of an OpenStreetMap file; pure."""
