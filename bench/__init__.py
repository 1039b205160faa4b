"""What `script/bench` measures: this product, beside a peer where one exists."""
