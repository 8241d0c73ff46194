// Copyright (C) 2026 the patchpipe authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "shell_editor.h"

#include "shell_processor.h"
#include "text.h"

namespace patchpipe {
namespace {

constexpr int width = 520, height = 240, margin = 10, line = 26;

// The file's name first, because the end of a long path is cut off.
juce::String path_text(const std::string& plugin_path) {
    if (plugin_path.empty()) return "Choose a .dsp or a logic library, or drop one here";
    const auto path = text_of(plugin_path);
    if (!juce::File::isAbsolutePath(path)) return path;
    const juce::File file(path);
    return file.getFileName() + " in " + file.getParentDirectory().getFullPathName();
}

juce::String meters_text(const ShellStatus& status, const Stage& stage) {
    juce::String text;
    for (std::size_t i = 0; i < std::min(status.meters.size(), most_shell_meters); ++i)
        text << text_of(status.meters[i].name) << " " << juce::String(stage.meter(i), 3) << " "
             << text_of(status.meters[i].unit) << "   ";
    return text;
}

}  // namespace

ShellEditor::ShellEditor(ShellProcessor& processor)
    : AudioProcessorEditor(processor), processor_(processor) {
    for (auto* label : {&path_, &message_, &meters_, &counts_}) addAndMakeVisible(label);
    for (auto* label : {&message_, &meters_})
        label->setJustificationType(juce::Justification::topLeft);
    choose_.onClick = [this] { choose(); };
    addAndMakeVisible(choose_);
    setSize(width, height);
    timerCallback();
    startTimerHz(10);
}

void ShellEditor::paint(juce::Graphics& graphics) {
    graphics.fillAll(getLookAndFeel().findColour(juce::ResizableWindow::backgroundColourId));
}

void ShellEditor::resized() {
    auto area = getLocalBounds().reduced(margin);
    auto top = area.removeFromTop(line);
    choose_.setBounds(top.removeFromRight(90));
    path_.setBounds(top);
    counts_.setBounds(area.removeFromBottom(line));
    meters_.setBounds(area.removeFromBottom(2 * line));
    message_.setBounds(area);
}

void ShellEditor::timerCallback() {
    const auto status = processor_.shell().status();
    const auto& stage = processor_.shell().stage();
    path_.setText(path_text(status.plugin_path), juce::dontSendNotification);
    message_.setText(text_of(status.message), juce::dontSendNotification);
    message_.setColour(juce::Label::textColourId,
                       status.is_error ? juce::Colours::orange : juce::Colours::white);
    meters_.setText(meters_text(status, stage), juce::dontSendNotification);
    counts_.setText("Skipped blocks: " + juce::String(stage.skipped_blocks()) +
                        "   Latency: " + juce::String(status.latency_frames) + " frames",
                    juce::dontSendNotification);
}

void ShellEditor::choose() {
    const auto now = text_of(processor_.shell().status().plugin_path);
    chooser_ = std::make_unique<juce::FileChooser>(
        "The code to load", juce::File::isAbsolutePath(now) ? juce::File(now) : juce::File(),
        "*.dsp;*.so");
    chooser_->launchAsync(
        juce::FileBrowserComponent::openMode | juce::FileBrowserComponent::canSelectFiles,
        [this](const juce::FileChooser& chosen) {
            if (chosen.getResult() != juce::File()) processor_.load(chosen.getResult());
        });
}

bool ShellEditor::isInterestedInFileDrag(const juce::StringArray& files) {
    return files.size() == 1;
}

void ShellEditor::filesDropped(const juce::StringArray& files, int, int) {
    processor_.load(juce::File(files[0]));
}

}  // namespace patchpipe
