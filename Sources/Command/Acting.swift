import Arguments

/// So that what a verb does can be written behind its declaration, as a block.
extension Verb where Action == Act {
    init(
        _ name: String, _ summary: String, discussion: String = "", examples: [Example] = [],
        arguments: [any Handle] = [], exits: [ExitCode] = [], isHidden: Bool = false, verbs: [Verb] = [],
        act: @escaping Act
    ) {
        self.init(
            name, summary, discussion: discussion, examples: examples, arguments: arguments, exits: exits,
            isHidden: isHidden, verbs: verbs, action: act)
    }
}
