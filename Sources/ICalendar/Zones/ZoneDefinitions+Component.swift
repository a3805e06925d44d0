extension ZoneDefinitions {
    /// Takes what can be read of some VTIMEZONEs; the others are as if they were not there.
    public convenience init(_ components: [Component]) {
        self.init(
            components.prefix(ZoneDefinitions.most).compactMap { component in
                do throws(ZoneFault) { return try ZoneDefinition(component) } catch { return nil }
            })
    }
}
