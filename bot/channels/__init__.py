"""Ways to reach people. One file a channel; nothing outside knows which one it is."""
