// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The shell's window: which file it carries, what happened last, the code's meters.
#pragma once

#include <juce_audio_processors/juce_audio_processors.h>

#include <memory>

namespace patchpipe {

class ShellProcessor;

class ShellEditor : public juce::AudioProcessorEditor,
                    public juce::FileDragAndDropTarget,
                    private juce::Timer {
 public:
    explicit ShellEditor(ShellProcessor& processor);

    void paint(juce::Graphics& graphics) override;
    void resized() override;
    bool isInterestedInFileDrag(const juce::StringArray& files) override;
    void filesDropped(const juce::StringArray& files, int x, int y) override;

 private:
    void timerCallback() override;
    void choose();

    ShellProcessor& processor_;
    juce::TextButton choose_{"Choose..."};
    juce::Label path_, message_, meters_, counts_;
    std::unique_ptr<juce::FileChooser> chooser_;
};

}  // namespace patchpipe
