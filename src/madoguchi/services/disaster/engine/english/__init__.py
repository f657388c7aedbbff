"""Reading of English messages: tokens, features, rules; pure, like the engine around it."""
