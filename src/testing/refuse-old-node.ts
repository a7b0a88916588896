import { requireSupportedNode } from '../supported-node.ts'

// Imported first by the entries whose packages cannot be loaded on an old Node either: modules run in the order of imports.
requireSupportedNode()
