"""The module host: it reconciles TinyNodes, carries messages between them, and publishes what they are doing."""
