"""What tests share: commands, servers, browsers, engines, example files."""
