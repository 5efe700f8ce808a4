"""本单位规定: what a unit may decide for itself within the plan, with a document (五-4a, 七(一)2-a). Addresses: /desk/local/."""
