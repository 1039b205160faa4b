// Package wrapper names what is built of Kubernetes. Its commands cannot be installed by themselves, because the module
// replaces its own parts; go.mod beside this file names their releases instead. To take another release: change the
// versions there (v1.X.Y of kubernetes, v0.X.Y of its parts) and run `go mod tidy`.
package wrapper

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver/app"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)
