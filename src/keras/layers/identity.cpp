// SPDX-License-Identifier: GPL-3.0-or-later
//
// Layers that only act while training.
#include "keras/layer.h"

namespace quantloupe {
namespace {

LayerResult lower(LayerCall &call)
{
    QL_CHECK(call.requireInputs(1));
    return std::vector{call.x()};
}

} // namespace

std::span<const KerasLayer> identity_layers()
{
    static const KerasLayer kLayers[] = {
        {"Dropout", lower}, {"SpatialDropout1D", lower}, {"SpatialDropout2D", lower}, {"SpatialDropout3D", lower}, {"GaussianDropout", lower}, {"GaussianNoise", lower},
        {"AlphaDropout", lower}, {"ActivityRegularization", lower}, {"Identity", lower}, {"RandomFlip", lower}, {"RandomRotation", lower}, {"RandomTranslation", lower},
        {"RandomZoom", lower}, {"RandomContrast", lower}, {"RandomBrightness", lower},
    };
    return kLayers;
}

} // namespace quantloupe
